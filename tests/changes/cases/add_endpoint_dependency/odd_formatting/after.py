from   fastapi  import APIRouter, Depends

from app.auth import get_user
router=APIRouter( )
@router . get ( '/items' , tags = [ 'items' ], dependencies=[Depends(get_user)] )
def read_items( ) :
      return   [ ]   # as is
